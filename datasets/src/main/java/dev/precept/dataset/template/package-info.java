/** Whether a trainer's chat template keeps what a view holds. */
@NullMarked
package dev.precept.dataset.template;

import org.jspecify.annotations.NullMarked;
