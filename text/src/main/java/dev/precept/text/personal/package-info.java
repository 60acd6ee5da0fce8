/** Personal data and secrets in texts: e-mail addresses, phone and card numbers, keys and tokens. */
@NullMarked
package dev.precept.text.personal;

import org.jspecify.annotations.NullMarked;
