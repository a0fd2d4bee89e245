// What the scanner's TypeScript calls. One file one idea; the files know each other only by these functions.
export { setSeed } from "./hash";
export { alloc, brokenGuard, free, regrow, setLimit, takenBytes, usedBytes } from "./memory";
export { parseDecimals } from "./values/decimals";
export { setDialect } from "./text/dialect";
export { compareTexts, dictAdd, dictExport, textsOfCodes } from "./values/dictionary";
export { dictBytes, dictFree, dictGrow, dictNew, dictRecords, dictSize, dictTextBytes } from "./values/dictionary-table";
export { parseInts } from "./values/integers";
export { firstMisfit, misfitReason, misfits } from "./values/misfits";
export { setNulls } from "./values/nulls";
export { setDecimalMark, setKeepsZeros, setTakesWholeDecimals } from "./values/number-format";
export { setThousands } from "./values/thousands";
export { consumed, firstRagged, irregularRows, isRefused, raggedFields, raggedRows, rowsFound, skippedRows } from "./text/irregular-rows";
export { guessRow } from "./text/guess";
export { checkRows, entryAt, rowEndBytes, rowsBefore } from "./text/rows";
export { endsInQuote, indexBlock, nonAscii, oddQuotes, rowEnds } from "./text/text-index";
export { invalidUtf8 } from "./text/utf8";
export {
  countDigits,
  doubleImages,
  imagesOf,
  nullsLast,
  placeRows,
  rankedImages,
  signedImages,
  sortOrder,
  startOrder,
} from "./sort/sort";
export { rankTexts, sortTexts, writeWords } from "./sort/sort-texts";
export { maxDoubles, maxInts, minDoubles, minInts } from "./groups/extremes";
export { growTable } from "./groups/growth";
export { groupAll, groupByCodes, groupByKeys } from "./groups/groups";
export { codesOfKeys, codesWithNull, keysNew } from "./groups/keys";
export { countDistinct, pairsNew } from "./groups/distinct";
export { mergeFirst, mergeLast, takeFirst, takeLast } from "./groups/ends";
export { doubleKeys, pairKeys, widenBytes, widenCodes, widenInts } from "./groups/lanes";
export { addMoments, mergeMoments, mergeSquares, sumSquares } from "./groups/moments";
export { countPassing, testCodes, testKeys, testNull, testRange } from "./groups/tests";
export { maxTexts, minTexts } from "./groups/text-extremes";
export { dictAddAll } from "./groups/text-merge";
export { tableCount, tableField, tableFieldAt, tableFree, tableMost, tableNew, tableNull, tableSize } from "./records";
export {
  addNulls,
  addRows,
  addRowsAndDoubles,
  addRowsAndInts,
  countTrueDoubles,
  countTrueInts,
  magnitude,
  mergeDoubles,
  mergeSizedDoubles,
  mergeWide,
  sumDoubles,
  sumInts,
  sumSizedDoubles,
  sumWide,
} from "./groups/sums";
export { codesOfCodes, codesOfTexts, placeTexts } from "./values/arrow-texts";
export {
  clearMissing,
  divideWholes,
  hasSign,
  multiplyWholes,
  narrowWholes,
  unpackBits,
  wholesToDoubles,
  widenFloats,
  widenWholes,
} from "./values/arrow-values";
export { parseBools } from "./values/booleans";
export { setDateFormat } from "./values/date-format";
export { parseDates } from "./values/dates";
export { parseDoubles } from "./values/doubles";
export { hardRows } from "./values/hard-rows";
export { powersPlace } from "./values/round-double";
export { keepFields, keepValues } from "./values/kept-rows";
export { packFlags } from "./values/valid-bits";
export { decimalsToDoubles, limitInts, narrowDoubles } from "./values/declared";
export { parseCodes } from "./values/text-codes";
export { parseTexts } from "./values/texts";
export { parseTimestamps, plainRows, zonedRows } from "./values/timestamps";
export { countsEstimate, countsExport, countsFree, countsNew, countsSize, countValues } from "./statistics/counts";
export { countCodes, denseCodes, denseNarrow, denseTexts, denseValues, finiteDoubles, plainDoubles } from "./statistics/dense";
export { directCarries, directCount, directCounts, directEntries, directFree, directHead, directOf, directPlaces, directSize } from "./statistics/direct-counts";
export { keepFrequent, sumCounts } from "./statistics/entries";
export { float32Bytes, float32Decimals, float32Doubles, float32Merge } from "./statistics/float32";
export { histogramDoubles, histogramHead, histogramInts, histogramMergeDoubles, histogramMergeInts, histogramNew } from "./statistics/histogram";
export { hllEstimate, hllHashes, hllMerge, hllValues } from "./statistics/hyperloglog";
export { orderBytes, orderCodes, orderDoubles, orderInts, orderStart, orderTexts } from "./statistics/order";
export { countsAddLost, countsLost, countsSketch } from "./statistics/sketch";
export { summarizeDoubles, summarizeInts, summaryBytes, summaryMerge, summaryStart } from "./statistics/summary";
export { countHashes, countTexts, textCountsArea, textCountsExport, textCountsNew } from "./statistics/text-counts";
export { lengthsBytes, lengthsMerge, measureTexts } from "./statistics/text-lengths";
export { rangeHead, rangeMerge, rangeNew, rangeTexts } from "./statistics/text-range";
export { fieldBytes, measureBools, measureDecimals, measureDoubles, measureInts, measureOthers, rangeMisfits } from "./statistics/written";
export { isBadLine, jsonConsumed, jsonRows, jsonRowsFound, nestedValues, oddValues, repeatedKeys, unknownKeys } from "./text/json-lines";
export { setJsonKeys } from "./text/json-keys";
export { countByte, hasByte } from "./text/byte-mask";
export { startDeltas, takeDeltas } from "./parquet/deltas";
export { startRuns, takeLevels, takeRuns } from "./parquet/runs";
export { unpackSnappy } from "./parquet/snappy";
export { codesOfPage, codesOfPageTexts, placePageTexts } from "./parquet/texts";
export { areWithin, dropSigns, fillFlags, narrowInts, spreadValues, swapWholes, valuesOfCodes } from "./parquet/values";
