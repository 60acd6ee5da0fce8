/** Content addressing: canonical JSON and SHA-256, from which every id and every store key is made. */
@NullMarked
package dev.precept.content;

import org.jspecify.annotations.NullMarked;
