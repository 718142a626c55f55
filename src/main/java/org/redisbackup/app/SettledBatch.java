package org.redisbackup.app;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.task.FileProgress;

/** Counts a batch whose keys all have their answer. It is run thousands of times a second, so without expressions. */
final class SettledBatch implements Processor {
    @Override
    public void process(Exchange exchange) {
        exchange.getProperty("progress", FileProgress.class)
                .settle(
                        exchange.getProperty(ExchangePropertyKey.SPLIT_INDEX, Integer.class),
                        exchange.getMessage().getBody(RestoreResult.class));
    }
}
