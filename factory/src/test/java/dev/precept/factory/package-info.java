@NullMarked
package dev.precept.factory;

import org.jspecify.annotations.NullMarked;
