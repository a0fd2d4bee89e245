import type { SupervisorQuestion } from "../link/messages.ts";
import type { Kernel } from "./kernel.ts";

/** What a cell asks of the supervisor. */
export async function answerCell(
  question: SupervisorQuestion,
  kernel: Pick<Kernel, "history" | "language">,
): Promise<unknown> {
  if (question.about === "inspection") {
    const { code } = question;
    // A service that fails costs its answer, never the cell.
    return kernel
      .language()
      .inspect(code, code.length, 1)
      .catch(() => undefined);
  }
  const { n, pattern } = question;
  const found = await (pattern === undefined ? kernel.history.tail(n) : kernel.history.search(pattern, n, false));
  return found.map(({ session, line, input }) => ({ session, line, input }));
}
