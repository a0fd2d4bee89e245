import type { MagicTable } from "../cell/magic-call.ts";
import type { LanguageService } from "../language/service.ts";

export interface LazyLanguage {
  get(): Promise<LanguageService>;
  close(): Promise<void>;
  /** At once, for the exit of this process. */
  kill(): void;
}

/** The language service, loaded with the first question. */
export function createLanguageServiceLazily(notebookDir: string): LazyLanguage {
  const columnsOf = async (file: string) => (await import("../magics/file-columns.ts")).fileColumns(file, notebookDir);
  let service: Promise<LanguageService> | undefined;
  let loaded: LanguageService | undefined;
  const get = (): Promise<LanguageService> => {
    service ??= import("../language/service.ts")
      .then(({ createLanguageService }) => {
        loaded = createLanguageService({ notebookDir, loadMagics, columnsOf });
        return loaded;
      })
      .catch((error) => {
        // The next question tries again.
        service = undefined;
        throw error;
      });
    return service;
  };
  return {
    get,
    close: async () => {
      const started = await service?.catch(() => undefined);
      await started?.close();
    },
    kill: () => loaded?.kill(),
  };
}

async function loadMagics(): Promise<MagicTable> {
  return (await import("../magics/registry.ts")).magicTable;
}
