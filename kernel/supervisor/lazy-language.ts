import type { LanguageService } from "../language/service.ts";

/** After the executor is ready, so that the start has the processor to itself. */
const WARM_AFTER_MS = 150;

export interface LazyLanguage {
  get(): Promise<LanguageService>;
  /** Starts the service soon, before the first question. */
  warm(): void;
  close(): Promise<void>;
}

/** The language service, loaded with the first question or a moment after the start, never before the kernel answers. */
export function createLanguageServiceLazily(notebookDir: string): LazyLanguage {
  let service: Promise<LanguageService> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const get = (): Promise<LanguageService> => {
    service ??= import("../language/service.ts")
      .then(({ createLanguageService }) => createLanguageService({ notebookDir }))
      .catch((error) => {
        // The next question tries again.
        service = undefined;
        throw error;
      });
    return service;
  };
  return {
    get,
    warm: () => {
      timer ??= setTimeout(
        () =>
          void get()
            .then((ready) => ready.checkCell({ id: "warm-up", code: "" }))
            .catch(() => undefined),
        WARM_AFTER_MS,
      );
    },
    close: async () => {
      clearTimeout(timer);
      const started = await service?.catch(() => undefined);
      await started?.close();
    },
  };
}
