/** Which of the good samples a version takes: quotas, and an equal share of each cell. */
@NullMarked
package dev.precept.dataset.balance;

import org.jspecify.annotations.NullMarked;
