import { ConnectionError } from "../errors.ts";
import { withoutSession } from "./connect/endpoint.ts";

/** Another session where one was lost: under the name that its address gives, but where the server will not have that again. */
export async function reconnect<Session, Options>(
  connect: (address: string, options: Options) => Promise<Session>,
  address: string,
  options: Options,
): Promise<Session> {
  try {
    return await connect(address, options);
  } catch (error) {
    const unnamed = withoutSession(address);
    if (unnamed === address || !(error instanceof ConnectionError) || error.code !== "E_SPARK_SESSION_LOST")
      throw error;
    return connect(unnamed, options);
  }
}
