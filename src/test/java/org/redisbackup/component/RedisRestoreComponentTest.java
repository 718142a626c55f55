package org.redisbackup.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

class RedisRestoreComponentTest extends CamelTestSupport {
    private static final RdbFile FILE = new RdbFile("REDIS0010").strings("key", 20_000);

    private final RedisServer server = RedisServers.shared(RedisServers.embedded());

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                getContext().getRegistry().bind("rdb", smallBatches());
                from("direct:file")
                        .unmarshal()
                        .custom("rdb")
                        .split(body(), RedisRestoreComponentTest::sum)
                        .streaming()
                        .parallelProcessing()
                        .to("redis-restore:target");
                from("direct:batch").to("redis-restore:127.0.0.1:" + server.port());
                from("direct:skip").to("redis-restore:127.0.0.1:" + server.port() + "?conflictPolicy=SKIP");
            }
        };
    }

    private static RdbDataFormat smallBatches() {
        RdbDataFormat rdb = new RdbDataFormat();
        rdb.setBatchKeys(500);
        rdb.setBatchesInFlight(4);
        return rdb;
    }

    private static Exchange sum(Exchange before, Exchange next) {
        if (before != null && next.getException() == null) {
            RestoreResult result = before.getMessage().getBody(RestoreResult.class);
            next.getMessage().setBody(result.plus(next.getMessage().getBody(RestoreResult.class)));
        }
        return next;
    }

    private RestoreResult send(String route, Object body, Map<String, Object> headers) {
        return template.requestBodyAndHeaders(route, body, headers, RestoreResult.class);
    }

    @Test
    void importsAFileInParallelBatches() {
        RestoreResult result = send("direct:file", FILE.open(), Map.of(RedisRestoreConstants.TARGET, server.target()));
        assertThat(result.imported()).isEqualTo(20_000);
        assertThat(result.keys()).isEqualTo(20_000);
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.dbSize()).isEqualTo(20_000);
        }
    }
}
