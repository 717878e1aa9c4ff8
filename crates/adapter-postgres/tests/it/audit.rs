//! What of the audit log the port cannot show: what the table refuses and to whom, rows that cannot
//! be read, and what a list costs.

mod adding;
mod pages;
mod refusals;
mod rows;
