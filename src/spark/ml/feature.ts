import { Estimator } from "./estimator.ts";
import { Model } from "./model.ts";
import { bool, double, int, name, names, oneOf, text } from "./param.ts";
import { COLUMN, COLUMNS } from "./shared-params.ts";
import { Transformer } from "./transformer.ts";

const WORD_ORDERS = ["frequencyDesc", "frequencyAsc", "alphabetDesc", "alphabetAsc"] as const;
const ASSEMBLER = {
  inputCols: names({ required: true }),
  outputCol: name(),
  /** What a row with a null or NaN does: end the query, be left out, or become NaN. */
  handleInvalid: oneOf(["error", "skip", "keep"], "error"),
};
const INDEXER = {
  ...COLUMNS,
  /** What a row with an unseen word does: end the query, be left out, or get an index of its own. */
  handleInvalid: oneOf(["error", "skip", "keep"], "error"),
  stringOrderType: oneOf(WORD_ORDERS, "frequencyDesc"),
};
const ENCODER = { ...COLUMNS, handleInvalid: oneOf(["error", "keep"], "error"), dropLast: bool(true) };
const TARGET_ENCODER = {
  ...COLUMNS,
  labelCol: name("label"),
  handleInvalid: oneOf(["error", "keep"], "error"),
  targetType: oneOf(["binary", "continuous"], "binary"),
  /** How much a category of few rows is drawn to the mean of all. */
  smoothing: double({ from: 0 }, 0),
};
const VECTOR_INDEXER = {
  ...COLUMN,
  handleInvalid: oneOf(["error", "skip", "keep"], "error"),
  /** A feature with more values is a number. */
  maxCategories: int({ from: 2 }, 20),
};
const R_FORMULA = {
  formula: text(undefined, { required: true }),
  featuresCol: name("features"),
  labelCol: name("label"),
  forceIndexLabel: bool(false),
  handleInvalid: oneOf(["error", "skip", "keep"], "error"),
  stringIndexerOrderType: oneOf(WORD_ORDERS, "frequencyDesc"),
};
const TO_STRING = { ...COLUMN, labels: names() };

/** Puts columns of numbers and vectors together into one of vectors, which is what models learn from. */
export class VectorAssembler extends Transformer<typeof ASSEMBLER> {
  static readonly operator = "feature.VectorAssembler";
  static readonly takes = ASSEMBLER;
}

/** The words that were indexed. */
export class StringIndexerModel extends Model<typeof INDEXER> {
  static readonly operator = "feature.StringIndexerModel";
  static readonly takes = INDEXER;

  /** The words of the first column, by their indices. */
  get labels(): Promise<string[]> {
    return this.labelsArray.then(([labels = []]) => labels);
  }

  /** The words of each column. */
  get labelsArray(): Promise<string[][]> {
    return this.attribute("labelsArray");
  }
}

/** Words to indices 0, 1, 2…, the most frequent first. */
export class StringIndexer extends Estimator<typeof INDEXER, StringIndexerModel> {
  static readonly operator = "feature.StringIndexer";
  static readonly takes = INDEXER;
  protected override readonly model = StringIndexerModel;
}

/** Indices back to the words, by the labels given or by what the column says of itself. */
export class IndexToString extends Transformer<typeof TO_STRING> {
  static readonly operator = "feature.IndexToString";
  static readonly takes = TO_STRING;
}

/** The sizes of the categories that were encoded. */
export class OneHotEncoderModel extends Model<typeof ENCODER> {
  static readonly operator = "feature.OneHotEncoderModel";
  static readonly takes = ENCODER;

  get categorySizes(): Promise<number[]> {
    return this.attribute("categorySizes");
  }
}

/** An index to a vector with a 1 at its place. */
export class OneHotEncoder extends Estimator<typeof ENCODER, OneHotEncoderModel> {
  static readonly operator = "feature.OneHotEncoder";
  static readonly takes = ENCODER;
  protected override readonly model = OneHotEncoderModel;
}

/** The means of the label by category. */
export class TargetEncoderModel extends Model<typeof TARGET_ENCODER> {
  static readonly operator = "feature.TargetEncoderModel";
  static readonly takes = TARGET_ENCODER;
}

/** An index to the mean of the label among the rows that have it. */
export class TargetEncoder extends Estimator<typeof TARGET_ENCODER, TargetEncoderModel> {
  static readonly operator = "feature.TargetEncoder";
  static readonly takes = TARGET_ENCODER;
  protected override readonly model = TargetEncoderModel;
}

/** The features of vectors that are categories. */
export class VectorIndexerModel extends Model<typeof VECTOR_INDEXER> {
  static readonly operator = "feature.VectorIndexerModel";
  static readonly takes = VECTOR_INDEXER;

  get numFeatures(): Promise<number> {
    return this.attribute("numFeatures");
  }

  /** By the place of the feature: the index of each of its values. */
  async categoryMaps(): Promise<Map<number, Map<number, number>>> {
    const maps = new Map<number, Map<number, number>>();
    for (const row of await this.frameOf("categoryMapsDF").collect<CategoryRow>())
      maps.set(row.featureIndex, (maps.get(row.featureIndex) ?? new Map()).set(row.originalValue, row.categoryIndex));
    return maps;
  }
}

interface CategoryRow {
  readonly featureIndex: number;
  readonly originalValue: number;
  readonly categoryIndex: number;
}

/** Finds the features of vectors with few values, and puts an index in the place of each of these. */
export class VectorIndexer extends Estimator<typeof VECTOR_INDEXER, VectorIndexerModel> {
  static readonly operator = "feature.VectorIndexer";
  static readonly takes = VECTOR_INDEXER;
  protected override readonly model = VectorIndexerModel;
}

/** A formula of R for a frame. */
export class RFormulaModel extends Model<typeof R_FORMULA> {
  static readonly operator = "feature.RFormulaModel";
  static readonly takes = R_FORMULA;
}

/** Vectors and a label by a formula of R, such as "price ~ rooms + district". */
export class RFormula extends Estimator<typeof R_FORMULA, RFormulaModel> {
  static readonly operator = "feature.RFormula";
  static readonly takes = R_FORMULA;
  protected override readonly model = RFormulaModel;
}
