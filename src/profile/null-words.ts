/** Words that pandas' `read_csv` takes for missing values unless it is told otherwise; the scanner's kernel has the same list. */
export const NULL_WORDS = "#N/A|#N/A N/A|#NA|-NaN|-nan|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null".split("|");
