//! Stories: the whole work from letter to figure, in one process, over real sockets, on both
//! engines. The clock is moved by hand; the sites, the registry and the mail server are the demo's.

mod fixture;
mod likeness;
mod own_list;
mod tests;
