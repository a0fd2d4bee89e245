// Danfo's plots want a browser and refuse Node before they touch Plotly.
module.exports = {};
