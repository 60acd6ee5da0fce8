/**
 * What is known about a dataset beyond its rows: how far its judges agree, what they did with answers of known quality, and
 * what a run has spent.
 */
@NullMarked
package dev.precept.dataset.evidence;

import org.jspecify.annotations.NullMarked;
