/** Administration of a dataset's topics: cleanup of closed runs, reset, recovery, manifests of topics and users. */
@NullMarked
package dev.precept.cli.admin;

import org.jspecify.annotations.NullMarked;
