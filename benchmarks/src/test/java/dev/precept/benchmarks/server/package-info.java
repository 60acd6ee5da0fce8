@NullMarked
package dev.precept.benchmarks.server;

import org.jspecify.annotations.NullMarked;
