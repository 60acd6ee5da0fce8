/** Kills, suspends and cuts off the processes of a run, at random by a seed, and checks what the dataset then holds. */
@NullMarked
package dev.precept.cli.nemesis;

import org.jspecify.annotations.NullMarked;
