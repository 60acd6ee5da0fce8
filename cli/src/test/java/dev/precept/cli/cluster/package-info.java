/** A node without a container engine: the pods of a rendered overlay as processes, in namespaces of mounts and networks. */
@NullMarked
package dev.precept.cli.cluster;

import org.jspecify.annotations.NullMarked;
