/** The terminal of a command: its width, the columns of a text, and output without characters that it cannot show. */
@org.jspecify.annotations.NullMarked
package dev.precept.cli.terminal;
