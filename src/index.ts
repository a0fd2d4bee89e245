export {
  type ChunkedRun,
  type ChunkFrame,
  type ChunkInfo,
  type Chunks,
  chunked,
  type Explanation,
  explainChunked,
  explanationDocument,
  memoryDocument,
  type WrittenFile,
} from "./chunked/chunked.ts";
export {
  ConnectionError,
  DataError,
  EngineError,
  Interrupted,
  KernelBug,
  MemoryLimitError,
  OutgrowError,
  UsageError,
} from "./errors.ts";
export { DataFrame, Series } from "./frame/constructors.ts";
export { frameFromArrow, frameFromColumns } from "./frame/frame.ts";
export { frameSizes } from "./frame/sizes.ts";
export {
  type FitOptions,
  type LocalForestParams,
  LocalRandomForestClassifier,
  LocalRandomForestModel,
} from "./ml/forest.ts";
export { accuracy, areaUnderRoc } from "./ml/metrics.ts";
export { type SplitOptions, trainTestSplit } from "./ml/train-test-split.ts";
export { type Profile, profile, profileDocument } from "./profile/profile.ts";
export type { ProgressEvent, ProgressListener, RunOptions } from "./progress.ts";
export { toBundle } from "./render/bundle.ts";
export * from "./scan/index.ts";
export type { GetOrCreateOptions, SparkSessionBuilder } from "./spark/builder.ts";
export type { Catalog } from "./spark/catalog.ts";
export { Column, type ColumnOrName, col, lit } from "./spark/column.ts";
export type { RuntimeConfig } from "./spark/conf.ts";
export { formatSparkConfig, type SparkConfig, sparkConfig, sparkConfigDocument } from "./spark/config/config.ts";
export { SparkDataFrame } from "./spark/dataframe.ts";
export * as F from "./spark/functions.ts";
export type { GroupedData } from "./spark/grouped.ts";
export type { JoinType } from "./spark/join.ts";
export { Binarizer, Bucketizer, Imputer, ImputerModel, QuantileDiscretizer } from "./spark/ml/buckets.ts";
export {
  FMClassificationModel,
  FMClassifier,
  LinearSVC,
  LinearSVCModel,
  LogisticRegression,
  LogisticRegressionModel,
  MultilayerPerceptronClassificationModel,
  MultilayerPerceptronClassifier,
  NaiveBayes,
  NaiveBayesModel,
} from "./spark/ml/classification.ts";
export type { ClassificationSummary, ClassificationTrainingSummary } from "./spark/ml/classification-summary.ts";
export {
  BisectingKMeans,
  BisectingKMeansModel,
  DistributedLDAModel,
  GaussianMixture,
  GaussianMixtureModel,
  KMeans,
  KMeansModel,
  LDA,
  LDAModel,
  LocalLDAModel,
} from "./spark/ml/clustering.ts";
export type { ClusteringSummary, GaussianMixtureSummary, KMeansSummary } from "./spark/ml/clustering-summary.ts";
export { Estimator } from "./spark/ml/estimator.ts";
export {
  BinaryClassificationEvaluator,
  ClusteringEvaluator,
  MulticlassClassificationEvaluator,
  MultilabelClassificationEvaluator,
  RankingEvaluator,
  RegressionEvaluator,
} from "./spark/ml/evaluation.ts";
export { Evaluator } from "./spark/ml/evaluator.ts";
export {
  IndexToString,
  OneHotEncoder,
  OneHotEncoderModel,
  RFormula,
  RFormulaModel,
  StringIndexer,
  StringIndexerModel,
  TargetEncoder,
  TargetEncoderModel,
  VectorAssembler,
  VectorIndexer,
  VectorIndexerModel,
} from "./spark/ml/feature.ts";
export { FPGrowth, FPGrowthModel } from "./spark/ml/fpm.ts";
export { Model } from "./spark/ml/model.ts";
export {
  BucketedRandomProjectionLSH,
  BucketedRandomProjectionLSHModel,
  MinHashLSH,
  MinHashLSHModel,
} from "./spark/ml/neighbors.ts";
export { OneVsRest, OneVsRestModel } from "./spark/ml/one-vs-rest.ts";
export { ParamGridBuilder, type ParamMap } from "./spark/ml/param-grid.ts";
export { Pipeline, PipelineModel, type PipelineStage } from "./spark/ml/pipeline.ts";
export { ALS, ALSModel } from "./spark/ml/recommendation.ts";
export {
  AFTSurvivalRegression,
  AFTSurvivalRegressionModel,
  FMRegressionModel,
  FMRegressor,
  GeneralizedLinearRegression,
  GeneralizedLinearRegressionModel,
  IsotonicRegression,
  IsotonicRegressionModel,
  LinearRegression,
  LinearRegressionModel,
} from "./spark/ml/regression.ts";
export type {
  GeneralizedLinearRegressionSummary,
  GeneralizedLinearRegressionTrainingSummary,
  LinearRegressionSummary,
  LinearRegressionTrainingSummary,
  ResidualsType,
} from "./spark/ml/regression-summary.ts";
export {
  ElementwiseProduct,
  MaxAbsScaler,
  MaxAbsScalerModel,
  MinMaxScaler,
  MinMaxScalerModel,
  Normalizer,
  RobustScaler,
  RobustScalerModel,
  StandardScaler,
  StandardScalerModel,
} from "./spark/ml/scaling.ts";
export {
  UnivariateFeatureSelector,
  UnivariateFeatureSelectorModel,
  VarianceThresholdSelector,
  VarianceThresholdSelectorModel,
} from "./spark/ml/selection.ts";
export { ChiSquareTest, Correlation, KolmogorovSmirnovTest, Summarizer, type SummaryMetric } from "./spark/ml/stat.ts";
export {
  CountVectorizer,
  CountVectorizerModel,
  HashingTF,
  IDF,
  IDFModel,
  NGram,
  RegexTokenizer,
  StopWordsRemover,
  Tokenizer,
  Word2Vec,
  Word2VecModel,
} from "./spark/ml/text.ts";
export { Transformer } from "./spark/ml/transformer.ts";
export {
  DecisionTreeClassificationModel,
  DecisionTreeClassifier,
  GBTClassificationModel,
  GBTClassifier,
  RandomForestClassificationModel,
  RandomForestClassifier,
} from "./spark/ml/tree-classification.ts";
export {
  DecisionTreeRegressionModel,
  DecisionTreeRegressor,
  GBTRegressionModel,
  GBTRegressor,
  RandomForestRegressionModel,
  RandomForestRegressor,
} from "./spark/ml/tree-regression.ts";
export { CrossValidatorModel, TrainValidationSplitModel } from "./spark/ml/tuned.ts";
export {
  CrossValidator,
  type CrossValidatorOptions,
  TrainValidationSplit,
  type TrainValidationSplitOptions,
} from "./spark/ml/tuning.ts";
export {
  DCT,
  FeatureHasher,
  Interaction,
  PCA,
  PCAModel,
  PolynomialExpansion,
  SQLTransformer,
  VectorSizeHint,
  VectorSlicer,
} from "./spark/ml/vectors.ts";
export { Observation } from "./spark/observation.ts";
export type { ActionOptions, Row, ShowOptions } from "./spark/query.ts";
export type { DataFrameReader } from "./spark/reader.ts";
export type { SparkField } from "./spark/schema.ts";
export { type SparkSqlOptions, type SparkStatement, sparkSql } from "./spark/script.ts";
export {
  installSpark,
  type SparkEndpoint,
  type SparkServer,
  type SparkServerOptions,
  type SparkServerStatus,
  sparkStatus,
  sparkStatusDocument,
  startSpark,
  stopSpark,
} from "./spark/server/server.ts";
export { type ConnectOptions, SparkSession, type SqlOptions } from "./spark/session.ts";
export type { DataFrameStatFunctions } from "./spark/stat.ts";
export type { StorageLevelName } from "./spark/storage-level.ts";
export { Window, WindowSpec } from "./spark/window.ts";
export type { DataFrameWriter, SaveMode } from "./spark/writer.ts";
export type { DataFrameWriterV2 } from "./spark/writer-v2.ts";
export { formatBytes, formatCount, formatSeconds, parseBytes, parseCount } from "./units.ts";
