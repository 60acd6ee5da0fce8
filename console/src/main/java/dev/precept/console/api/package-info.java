/** The interface of the console: routes, their errors, streams of events, and who may use them. */
@NullMarked
package dev.precept.console.api;

import org.jspecify.annotations.NullMarked;
