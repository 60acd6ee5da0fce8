@NullMarked
package dev.precept.spec;

import org.jspecify.annotations.NullMarked;
