// jmp's sockets cannot work with zeromq 6; only its message codec is used, and zeromq must not be loaded twice.
module.exports = { Socket: function Socket() {} };
