@NullMarked
package dev.precept.spec.citation;

import org.jspecify.annotations.NullMarked;
