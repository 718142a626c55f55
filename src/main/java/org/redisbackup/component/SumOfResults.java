package org.redisbackup.component;

import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.redisbackup.redis.DeliveryException;
import org.redisbackup.redis.RestoreResult;

/**
 * Adds up what became of the batches of a file, or of files: the aggregation strategy of a split around {@code
 * redis-restore:}. Its body is one {@link RestoreResult} after the split.
 *
 * <p>An exchange that failed counts with what the target had answered by then, and the sum fails as it did.
 */
public final class SumOfResults implements AggregationStrategy {
    @Override
    public Exchange aggregate(Exchange sum, Exchange next) {
        if (sum == null) {
            next.getMessage().setBody(resultOf(next));
            return next;
        }
        sum.getMessage().setBody(resultOf(sum).plus(resultOf(next)));
        if (sum.getException() == null) {
            sum.setException(next.getException());
        }
        return sum;
    }

    /** Of a file without keys there is no batch, so what was to be split stays the body. */
    private static RestoreResult resultOf(Exchange exchange) {
        if (exchange.getMessage().getBody() instanceof RestoreResult result) {
            return result;
        }
        return exchange.getException() instanceof DeliveryException failure ? failure.result() : RestoreResult.NONE;
    }
}
