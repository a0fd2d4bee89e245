import { parquetFooter } from "./parquet-footer.ts";
import { topElements } from "./schema-tree.ts";
import { type Thrift, TYPE } from "./thrift.ts";

/** Larger than any that is of use. */
const MOST_BYTES = 16 * 2 ** 20;
/** Numbers of fields: the schema in a file's footer; a name and how many children follow in an element of it. */
const FIELD = { schema: 2, name: 4, children: 5 } as const;

/** The names of a Parquet file's columns, in their order, from its footer; none where it is no such file or they cannot be read. */
export async function parquetNames(file: string): Promise<readonly string[]> {
  const footer = await parquetFooter(file, MOST_BYTES);
  try {
    return footer ? columnsOf(footer) : [];
  } catch (failure) {
    // What goes on behind its end, or is of no type.
    if (failure instanceof RangeError) return [];
    throw failure;
  }
}

interface Element {
  readonly name: string;
  readonly children: number;
}

function columnsOf(footer: Thrift): string[] {
  const elements: Element[] = [];
  footer.struct((field, type) => {
    if (field !== FIELD.schema || type !== TYPE.list) return footer.skip(type);
    footer.list(() => elements.push(elementOf(footer)));
  });
  return Array.from(topElements(elements), ({ element }) => element.name);
}

function elementOf(footer: Thrift): Element {
  let [name, children] = ["", 0];
  footer.struct((field, type) => {
    if (field === FIELD.name && type === TYPE.binary) name = footer.text();
    else if (field === FIELD.children) children = footer.integer();
    else footer.skip(type);
  });
  return { name, children };
}
