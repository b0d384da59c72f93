/** Whether something thrown is an operating system's refusal, with a code such as EADDRINUSE. */
export function isSystemError(thrown: unknown): thrown is Error & { code: string } {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string";
}
