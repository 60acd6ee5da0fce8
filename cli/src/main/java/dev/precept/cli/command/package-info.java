/** The precept command and its subcommands. */
@NullMarked
package dev.precept.cli.command;

import org.jspecify.annotations.NullMarked;
