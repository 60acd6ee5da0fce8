@NullMarked
package dev.precept.text;

import org.jspecify.annotations.NullMarked;
