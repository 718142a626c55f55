package org.redisbackup.app;

import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.redisbackup.api.ApiError;

/**
 * Lets no HTTP header or query parameter into an exchange, nor any header of an exchange but the hint of an error into
 * a response: a request could pass for a path parameter otherwise, and a token would be sent back. Routes read path
 * parameters, the query string and the body; the content type is set apart from this.
 */
final class NoHeaders implements HeaderFilterStrategy {
    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !name.equals(ApiError.HINT);
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return true;
    }
}
