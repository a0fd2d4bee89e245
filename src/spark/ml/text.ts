import type { SparkDataFrame } from "../dataframe.ts";
import { Estimator } from "./estimator.ts";
import { Model } from "./model.ts";
import { bool, double, int, long, names, text } from "./param.ts";
import { COLUMN, COLUMNS } from "./shared-params.ts";
import { Transformer } from "./transformer.ts";
import { intLiteral, stringLiteral } from "./values.ts";

const REGEX = {
  ...COLUMN,
  minTokenLength: int({ from: 0 }, 1),
  /** Whether the pattern is what stands between the words, or the words themselves. */
  gaps: bool(true),
  /** A regular expression of Java's. */
  pattern: text("\\s+"),
  toLowercase: bool(true),
};
const STOP_WORDS = {
  ...COLUMNS,
  /** The words to leave out; unset: those of English. */
  stopWords: names(),
  caseSensitive: bool(false),
  /** Such as "en_US": by whose rules words are compared that are not case sensitive. */
  locale: text(),
};
const N_GRAM = { ...COLUMN, n: int({ from: 1 }, 2) };
/** Whether every count above 0 is 1. */
const BINARY = { binary: bool(false) };
const HASHING = { ...COLUMN, ...BINARY, numFeatures: int({ from: 1 }, 2 ** 18) };
const COUNTING = {
  ...COLUMN,
  ...BINARY,
  vocabSize: int({ from: 1 }, 2 ** 18),
  /** In how many rows a word must be at least: a number, or below 1 a share. */
  minDF: double({ from: 0 }, 1),
  /** In how many rows a word may be at most: a number, or below 1 a share. */
  maxDF: double({ from: 0 }, 2 ** 63),
  /** How often a word must be in a row to count there: a number, or below 1 a share. */
  minTF: double({ from: 0 }, 1),
};
const IDF_PARAMS = { ...COLUMN, minDocFreq: int({ from: 0 }, 0) };
const WORD2VEC = {
  ...COLUMN,
  vectorSize: int({ from: 1 }, 100),
  windowSize: int({ from: 1 }, 5),
  numPartitions: int({ from: 1 }, 1),
  minCount: int({ from: 0 }, 5),
  maxSentenceLength: int({ from: 1 }, 1000),
  maxIter: int({ from: 0 }, 1),
  stepSize: double({ above: 0 }, 0.025),
  seed: long(),
};

/** A text to its words in small letters, which spaces part. */
export class Tokenizer extends Transformer<typeof COLUMN> {
  static readonly operator = "feature.Tokenizer";
  static readonly takes = COLUMN;
}

/** A text to its words, which a pattern parts or matches. */
export class RegexTokenizer extends Transformer<typeof REGEX> {
  static readonly operator = "feature.RegexTokenizer";
  static readonly takes = REGEX;
}

/** Words without those that say little. */
export class StopWordsRemover extends Transformer<typeof STOP_WORDS> {
  static readonly operator = "feature.StopWordsRemover";
  static readonly takes = STOP_WORDS;
}

/** Words to runs of n words. */
export class NGram extends Transformer<typeof N_GRAM> {
  static readonly operator = "feature.NGram";
  static readonly takes = N_GRAM;
}

/** Words to counts, each word in the place that its hash gives. */
export class HashingTF extends Transformer<typeof HASHING> {
  static readonly operator = "feature.HashingTF";
  static readonly takes = HASHING;
}

/** The words that are counted. */
export class CountVectorizerModel extends Model<typeof COUNTING> {
  static readonly operator = "feature.CountVectorizerModel";
  static readonly takes = COUNTING;

  /** The words, by their places; the most frequent first. */
  get vocabulary(): Promise<string[]> {
    return this.attribute("vocabulary");
  }
}

/** Words to counts, each word of a vocabulary in its place. */
export class CountVectorizer extends Estimator<typeof COUNTING, CountVectorizerModel> {
  static readonly operator = "feature.CountVectorizer";
  static readonly takes = COUNTING;
  protected override readonly model = CountVectorizerModel;
}

/** How rare each word is. */
export class IDFModel extends Model<typeof IDF_PARAMS> {
  static readonly operator = "feature.IDFModel";
  static readonly takes = IDF_PARAMS;

  get idf(): Promise<number[]> {
    return this.attribute("idf");
  }

  /** In how many rows each word is. */
  get docFreq(): Promise<number[]> {
    return this.attribute("docFreq");
  }

  get numDocs(): Promise<number> {
    return this.attribute("numDocs");
  }
}

/** Counts to weights: a word that is in few rows counts more. */
export class IDF extends Estimator<typeof IDF_PARAMS, IDFModel> {
  static readonly operator = "feature.IDF";
  static readonly takes = IDF_PARAMS;
  protected override readonly model = IDFModel;
}

/** Words as vectors. */
export class Word2VecModel extends Model<typeof WORD2VEC> {
  static readonly operator = "feature.Word2VecModel";
  static readonly takes = WORD2VEC;

  /** The words, and the vector of each. */
  get getVectors(): SparkDataFrame {
    return this.frameOf("getVectors");
  }

  /** The `num` words that are most like a word, and how much. */
  findSynonyms(word: string, num: number): SparkDataFrame {
    return this.frameOf("findSynonyms", { param: stringLiteral(word) }, { param: intLiteral(num) });
  }
}

/** Words to the mean of their vectors, in which words that stand in like places are near each other. */
export class Word2Vec extends Estimator<typeof WORD2VEC, Word2VecModel> {
  static readonly operator = "feature.Word2Vec";
  static readonly takes = WORD2VEC;
  protected override readonly model = Word2VecModel;
}
