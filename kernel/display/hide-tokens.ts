/** Text without the tokens of `sc://` addresses that somebody typed into it all the same: what is shown or kept is shared one day. */
export function hideTokens(text: string): string {
  return text.includes("token=") ? text.replace(/(\btoken=)[^;\s"'`]+/gi, "$1•••") : text;
}
