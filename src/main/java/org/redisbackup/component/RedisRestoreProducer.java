package org.redisbackup.component;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.support.DefaultAsyncProducer;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.redis.ConflictPolicy;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.redis.Target;

/** Hands a batch of keys or commands to the pipeline of its target; the exchange goes on with the result once it is settled. */
public class RedisRestoreProducer extends DefaultAsyncProducer {
    RedisRestoreProducer(RedisRestoreEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        if (!(exchange.getMessage().getBody() instanceof BackupBatch batch)) {
            exchange.setException(new InvalidPayloadException(exchange, BackupBatch.class));
            callback.done(true);
            return true;
        }
        try {
            deliver(batch, exchange, callback);
            return false;
        } catch (RuntimeException | NoTypeConversionAvailableException e) {
            batch.breakOff(new IOException(e.getMessage(), e));
            exchange.setException(e);
            callback.done(true);
            return true;
        }
    }

    private void deliver(BackupBatch batch, Exchange exchange, AsyncCallback callback)
            throws NoTypeConversionAvailableException {
        RedisRestoreEndpoint endpoint = (RedisRestoreEndpoint) getEndpoint();
        RedisRestoreConfiguration configuration = endpoint.getConfiguration();
        Target target = header(exchange, RedisRestoreConstants.TARGET, Target.class);
        String session = header(exchange, RedisRestoreConstants.SESSION, String.class);
        ConflictPolicy policy = header(exchange, RedisRestoreConstants.CONFLICT_POLICY, ConflictPolicy.class);
        CompletableFuture<RestoreResult> unused = endpoint.getComponent()
                .deliver(
                        batch,
                        target == null ? endpoint.target() : target,
                        configuration.getConnectTimeout(),
                        session,
                        policy == null ? configuration.getConflictPolicy() : policy)
                .whenCompleteAsync(
                        (result, failure) -> {
                            if (failure == null) {
                                exchange.getMessage().setBody(result);
                            } else {
                                batch.breakOff(new IOException(failure.getMessage(), failure));
                                exchange.setException(failure);
                            }
                            callback.done(false);
                        },
                        endpoint.getComponent().callbacks());
    }

    /** Null without the header; one of another type must not silently mean the endpoint's own target. */
    private static <T> T header(Exchange exchange, String name, Class<T> type)
            throws NoTypeConversionAvailableException {
        Object value = exchange.getMessage().getHeader(name);
        return value == null
                ? null
                : exchange.getContext().getTypeConverter().mandatoryConvertTo(type, exchange, value);
    }
}
