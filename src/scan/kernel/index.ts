// What the scanner's TypeScript calls. One file one idea; the files know each other only by these functions.
export { alloc, brokenGuard, free, regrow, setLimit, usedBytes } from "./memory";
export { parseDecimals } from "./decimals";
export { setDialect } from "./dialect";
export { compareTexts, dictAdd, dictExport, parseCodes, textsOfCodes } from "./dictionary";
export { dictBytes, dictFree, dictNew, dictSize } from "./dictionary-table";
export { parseInts } from "./integers";
export { firstMisfit, misfitReason, misfits } from "./misfits";
export { setNulls } from "./nulls";
export { setDecimalMark, setKeepsZeros, setTakesWholeDecimals } from "./number-format";
export { consumed, firstRagged, irregularRows, isRefused, raggedFields, raggedRows, rowsFound, skippedRows } from "./irregular-rows";
export { checkRows, entryAt, rowEndBytes, rowsBefore } from "./rows";
export { endsInQuote, indexBlock, nonAscii, oddQuotes, rowEnds } from "./text-index";
export { invalidUtf8 } from "./utf8";
export { doubleImages, nullsLast, rankedImages, signedImages, sortOrder, startOrder } from "./sort";
export { rankTexts } from "./sort-texts";
export { maxDoubles, maxInts, minDoubles, minInts } from "./extremes";
export { groupAll, groupByCodes, groupByKeys } from "./groups";
export { codesOfKeys, codesWithNull, keysNew } from "./keys";
export { countDistinct, pairsNew } from "./distinct";
export { mergeFirst, mergeLast, takeFirst, takeLast } from "./ends";
export { doubleKeys, pairKeys, widenBytes, widenCodes, widenInts } from "./lanes";
export { addMoments, mergeMoments, mergeSquares, sumSquares } from "./moments";
export { countPassing, testCodes, testKeys, testNull, testRange } from "./tests";
export { maxTexts, minTexts } from "./text-extremes";
export { dictAddAll } from "./text-merge";
export { tableField, tableFree, tableNew, tableNull, tableSize } from "./records";
export {
  addNulls,
  addRows,
  countTrueDoubles,
  countTrueInts,
  magnitude,
  mergeDoubles,
  mergeWide,
  sumDoubles,
  sumInts,
  sumWide,
} from "./sums";
export { parseBools } from "./booleans";
export { setDateFormat } from "./date-format";
export { parseDates } from "./dates";
export { parseDoubles } from "./doubles";
export { hardRows } from "./hard-rows";
export { powersPlace } from "./round-double";
export { keepFields, keepValues } from "./kept-rows";
export { decimalsToDoubles, limitInts, narrowDoubles } from "./declared";
export { parseTexts } from "./texts";
export { parseTimestamps, plainRows, zonedRows } from "./timestamps";
export { countsEstimate, countsExport, countsFree, countsNew, countsSize, countValues } from "./counts";
export { countCodes, denseCodes, denseNarrow, denseTexts, denseValues, finiteDoubles, plainDoubles } from "./dense";
export { float32Bytes, float32Decimals, float32Doubles, float32Merge } from "./float32";
export { histogramDoubles, histogramHead, histogramInts, histogramMergeDoubles, histogramMergeInts, histogramNew } from "./histogram";
export { hllEstimate, hllHashes, hllMerge, hllValues } from "./hyperloglog";
export { orderBytes, orderCodes, orderDoubles, orderInts, orderStart, orderTexts } from "./order";
export { countsAddLost, countsLost, countsSketch } from "./sketch";
export { summarizeDoubles, summarizeInts, summaryBytes, summaryMerge, summaryStart } from "./summary";
export { countHashes, countTexts, textCountsArea, textCountsExport, textCountsNew } from "./text-counts";
export { lengthsBytes, lengthsMerge, measureTexts } from "./text-lengths";
export { rangeHead, rangeMerge, rangeNew, rangeTexts } from "./text-range";
export { fieldBytes, measureFields, rangeMisfits } from "./written";
export { isBadLine, jsonConsumed, jsonRows, jsonRowsFound, nestedValues, unknownKeys } from "./json-lines";
export { setJsonKeys } from "./json-keys";
export { hasByte } from "./byte-mask";
