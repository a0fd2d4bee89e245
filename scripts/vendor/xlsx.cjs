// Excel support weighs 8 MB and has open advisories, so it is not bundled: it is there for those who install it.
let loaded;

function xlsx() {
  if (loaded) return loaded;
  for (const paths of [[__dirname], [process.cwd()]]) {
    try {
      loaded = require(require.resolve("xlsx", { paths }));
      return loaded;
    } catch (error) {
      if (error.code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  throw new Error(
    "Excel files need the package xlsx, which is not installed: run npm install xlsx beside the notebook",
  );
}

module.exports = {
  get read() {
    return xlsx().read;
  },
  get readFile() {
    return xlsx().readFile;
  },
  get writeFile() {
    return xlsx().writeFile;
  },
  get utils() {
    return xlsx().utils;
  },
};
