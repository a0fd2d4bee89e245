const DISTRUST =
  /(self-signed certificate|unable to (?:verify|get) [\w ]+|certificate (?:has expired|is not yet valid)|does not match certificate's altnames)/;
const NO_TLS = /:SSL routines:|EPROTO/;

/** Why TLS was refused, in the words of Node: "self-signed certificate". No later try will do better. */
export function distrust(message: string): string | undefined {
  return DISTRUST.exec(message)?.[1]?.replace("does not", "its name does not");
}

/** Whether the other side speaks something else than TLS. */
export function isWithoutTls(message: string): boolean {
  return NO_TLS.test(message);
}

/** Whether the other side speaks HTTP as browsers do, or anything else that is not gRPC. */
export function isOtherProtocol(message: string): boolean {
  return /\bProtocol error\b/.test(message);
}
