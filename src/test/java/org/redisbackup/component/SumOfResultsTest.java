package org.redisbackup.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.redisbackup.redis.DeliveryException;
import org.redisbackup.redis.KeyOutcome;
import org.redisbackup.redis.OutcomeCounts;
import org.redisbackup.redis.RestoreResult;

class SumOfResultsTest {
    private final SumOfResults strategy = new SumOfResults();

    private static RestoreResult imported(long keys) {
        return RestoreResult.ofKeys(OutcomeCounts.of(KeyOutcome.IMPORTED, keys), 0, List.of());
    }

    private static Exchange exchange(Object body, Exception failure) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setBody(body);
        exchange.setException(failure);
        return exchange;
    }

    @Test
    void addsUp() {
        Exchange sum = strategy.aggregate(null, exchange(imported(1), null));
        sum = strategy.aggregate(sum, exchange(imported(2), null));
        assertThat(sum.getMessage().getBody()).isEqualTo(imported(3));
        assertThat(sum.getException()).isNull();
    }

    @Test
    void countsAFileWithoutKeysAsNothing() {
        Exchange sum = strategy.aggregate(null, exchange("what was to be split", null));
        assertThat(sum.getMessage().getBody()).isEqualTo(RestoreResult.NONE);
    }

    @Test
    void failsWithTheFirstFailureAndCountsWhatWasAnswered() {
        Exception first = new DeliveryException("gone", imported(4), null);
        Exchange sum = strategy.aggregate(null, exchange(imported(1), null));
        sum = strategy.aggregate(sum, exchange("batch", first));
        sum = strategy.aggregate(sum, exchange("batch", new IOException("later")));
        assertThat(sum.getMessage().getBody()).isEqualTo(imported(5));
        assertThat(sum.getException()).isSameAs(first);
    }
}
