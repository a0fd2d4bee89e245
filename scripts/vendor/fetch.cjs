// Node's own fetch in the place of node-fetch.
module.exports = (...request) => fetch(...request);
