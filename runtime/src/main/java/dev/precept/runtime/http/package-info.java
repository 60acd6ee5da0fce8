/** An HTTP server on virtual threads, with TLS and limits. The one package that knows Jetty. */
@NullMarked
package dev.precept.runtime.http;

import org.jspecify.annotations.NullMarked;
