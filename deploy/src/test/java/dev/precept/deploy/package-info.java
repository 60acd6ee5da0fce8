/** Validates the manifests, dashboards and alerts without a cluster. */
@NullMarked
package dev.precept.deploy;

import org.jspecify.annotations.NullMarked;
