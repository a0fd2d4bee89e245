import { Estimator } from "./estimator.ts";
import { Model } from "./model.ts";
import { bool, name, names, oneOf } from "./param.ts";
import { Transformer } from "./transformer.ts";

const ASSEMBLER = {
  inputCols: names({ required: true }),
  outputCol: name(),
  /** What a row with a null or NaN does: end the query, be left out, or become NaN. */
  handleInvalid: oneOf(["error", "skip", "keep"], "error"),
};
const ONE_OR_MORE = { inputCol: name(), outputCol: name(), inputCols: names(), outputCols: names() };
const INDEXER = {
  ...ONE_OR_MORE,
  /** What a row with an unseen word does: end the query, be left out, or get an index of its own. */
  handleInvalid: oneOf(["error", "skip", "keep"], "error"),
  stringOrderType: oneOf(["frequencyDesc", "frequencyAsc", "alphabetDesc", "alphabetAsc"], "frequencyDesc"),
};
const ENCODER = { ...ONE_OR_MORE, handleInvalid: oneOf(["error", "keep"], "error"), dropLast: bool(true) };
const SCALER = { inputCol: name(), outputCol: name(), withMean: bool(false), withStd: bool(true) };
const TO_STRING = { inputCol: name(), outputCol: name(), labels: names() };

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

/** The means and deviations that were found. */
export class StandardScalerModel extends Model<typeof SCALER> {
  static readonly operator = "feature.StandardScalerModel";
  static readonly takes = SCALER;

  get mean(): Promise<number[]> {
    return this.attribute("mean");
  }

  get std(): Promise<number[]> {
    return this.attribute("std");
  }
}

/** Vectors to a standard deviation of 1, and with `withMean` to a mean of 0. */
export class StandardScaler extends Estimator<typeof SCALER, StandardScalerModel> {
  static readonly operator = "feature.StandardScaler";
  static readonly takes = SCALER;
  protected override readonly model = StandardScalerModel;
}
