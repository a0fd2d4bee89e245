// What Outgrow uses of grpc.
export { Client, credentials, Metadata, status } from "@grpc/grpc-js";
