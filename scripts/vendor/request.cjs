// `request` is retired; this is the part that Danfo uses of it (a readable stream with a "response" event) over fetch.
const { PassThrough, Readable } = require("node:stream");

function request(options) {
  const { url, method = "GET", headers = {} } = typeof options === "string" ? { url: options } : options;
  const stream = new PassThrough();
  fetch(url, { method, headers }).then(
    (response) => {
      stream.emit("response", { statusCode: response.status, statusMessage: response.statusText });
      if (!response.body) stream.end();
      else
        Readable.fromWeb(response.body)
          .on("error", (error) => stream.destroy(error))
          .pipe(stream);
    },
    (error) => {
      // Danfo turns a status into a rejection but listens for no "error", which would then end the process.
      stream.emit("response", {
        statusCode: 0,
        statusMessage: `${url} cannot be fetched: ${error.cause?.message ?? error.message}`,
      });
      stream.end();
    },
  );
  return stream;
}

request.get = (url) => request(url);

module.exports = request;
