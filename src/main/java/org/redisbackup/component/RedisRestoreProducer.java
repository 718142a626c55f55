package org.redisbackup.component;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.support.DefaultAsyncProducer;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.redis.ConflictPolicy;
import org.redisbackup.redis.DeliveryException;
import org.redisbackup.redis.DeliveryMethod;
import org.redisbackup.redis.DeliveryRules;
import org.redisbackup.redis.LossPolicy;
import org.redisbackup.redis.Pace;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.redis.Target;
import org.redisbackup.redis.rules.KeyRules;

/** Hands a batch of keys or commands to the pipeline of its target; the exchange goes on with the result once it is settled. */
public class RedisRestoreProducer extends DefaultAsyncProducer {
    private Pace endpointPace; // null for the standard one

    RedisRestoreProducer(RedisRestoreEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        endpointPace = configuration().pace();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Object body = exchange.getMessage().getBody();
        try {
            DeliveryMethod asked = header(exchange, RedisRestoreConstants.METHOD, DeliveryMethod.class);
            DeliveryMethod method = asked == null ? configuration().getMethod() : asked;
            if (method == DeliveryMethod.REPLICATION) {
                callbacks().execute(() -> {
                    handOver(exchange);
                    callback.done(false);
                });
                return false;
            } else if (body instanceof BackupBatch batch) {
                deliver(batch, rules(exchange, method), exchange, callback);
                return false;
            }
            exchange.setException(new InvalidPayloadException(exchange, BackupBatch.class));
        } catch (RuntimeException | NoTypeConversionAvailableException | DeliveryException e) {
            if (body instanceof BackupBatch batch) {
                batch.breakOff(new IOException(e.getMessage(), e));
            }
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    private DeliveryRules rules(Exchange exchange, DeliveryMethod method) throws NoTypeConversionAvailableException {
        RedisRestoreConfiguration configuration = configuration();
        ConflictPolicy policy = header(exchange, RedisRestoreConstants.CONFLICT_POLICY, ConflictPolicy.class);
        LossPolicy lossPolicy = header(exchange, RedisRestoreConstants.LOSS_POLICY, LossPolicy.class);
        return new DeliveryRules(
                policy == null ? configuration.getConflictPolicy() : policy,
                method == DeliveryMethod.COMMANDS,
                configuration.getMaxRestoreBytes(),
                lossPolicy == null ? configuration.getLossPolicy() : lossPolicy);
    }

    /** Replaces everything that the target holds by the file that the body streams. */
    private void handOver(Exchange exchange) {
        RedisRestoreConfiguration configuration = configuration();
        try {
            Target target = header(exchange, RedisRestoreConstants.TARGET, Target.class);
            String session = header(exchange, RedisRestoreConstants.SESSION, String.class);
            Boolean replaceAll = header(exchange, RedisRestoreConstants.REPLACE_ALL, Boolean.class);
            InputStream file = exchange.getMessage().getMandatoryBody(InputStream.class);
            exchange.getMessage()
                    .setBody(endpoint()
                            .getComponent()
                            .handOver(
                                    file,
                                    target == null ? endpoint().target() : target,
                                    configuration.getConnectTimeout(),
                                    session,
                                    replaceAll == null ? configuration.isReplaceAll() : replaceAll));
        } catch (Exception e) {
            exchange.setException(e);
        }
    }

    private RedisRestoreEndpoint endpoint() {
        return (RedisRestoreEndpoint) getEndpoint();
    }

    private RedisRestoreConfiguration configuration() {
        return endpoint().getConfiguration();
    }

    private ExecutorService callbacks() {
        return endpoint().getComponent().callbacks();
    }

    private void deliver(BackupBatch batch, DeliveryRules delivery, Exchange exchange, AsyncCallback callback)
            throws NoTypeConversionAvailableException, DeliveryException {
        RedisRestoreEndpoint endpoint = endpoint();
        RedisRestoreConfiguration configuration = configuration();
        Target target = header(exchange, RedisRestoreConstants.TARGET, Target.class);
        String session = header(exchange, RedisRestoreConstants.SESSION, String.class);
        Pace pace = header(exchange, RedisRestoreConstants.PACE, Pace.class);
        KeyRules rules = header(exchange, RedisRestoreConstants.RULES, KeyRules.class);
        apply(rules == null ? configuration.rules() : rules, batch);
        CompletableFuture<RestoreResult> unused = endpoint.getComponent()
                .deliver(
                        batch,
                        target == null ? endpoint.target() : target,
                        configuration.getConnectTimeout(),
                        session,
                        delivery,
                        pace == null ? endpointPace : pace)
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
                        callbacks());
    }

    private static void apply(KeyRules rules, BackupBatch batch) throws DeliveryException {
        if (batch instanceof KeyBatch keys) {
            rules.apply(keys, System.currentTimeMillis());
        } else if (!rules.changesNothing()) {
            throw new DeliveryException(
                    "The commands of an append-only file can't be selected or changed as keys"
                            + " can: import it as it is, or import an RDB file",
                    RestoreResult.NONE,
                    null);
        }
    }

    /** Null without the header; one of another type must not silently mean the endpoint's own target. */
    private static <T> T header(Exchange exchange, String name, Class<T> type)
            throws NoTypeConversionAvailableException {
        Object value = exchange.getMessage().getHeader(name);
        if (value == null || type.isInstance(value)) {
            return type.cast(value); // the converter of enums would look for a way first, for each batch anew
        }
        return exchange.getContext().getTypeConverter().mandatoryConvertTo(type, exchange, value);
    }
}
