package org.redisbackup.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;

class RestoreBackupTemplateTest extends CamelTestSupport {
    private static final int KEYS = 20_000;

    private final RedisServer server = RedisServers.shared(RedisServers.embedded());

    private void route(String from, Map<String, String> parameters) throws Exception {
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(PluginHelper.getResourceLoader(context)
                        .resolveResource("classpath:org/redisbackup/component/restore-backup.camel.yaml"));
        TemplatedRouteBuilder builder = TemplatedRouteBuilder.builder(context, "restore-backup")
                .parameter("from", from)
                .parameter("target", "127.0.0.1:" + server.port());
        parameters.forEach(builder::parameter);
        builder.add();
    }

    @Test
    void restoresEachBackupOfAnEndpoint() throws Exception {
        route("direct:backups", Map.of("conflictPolicy", "SKIP", "batchesInFlight", "2", "to", "mock:results"));
        MockEndpoint results = getMockEndpoint("mock:results");
        results.expectedMessageCount(2);
        template.sendBody(
                "direct:backups", new RdbFile("REDIS0010").strings("key", KEYS).open());
        template.sendBody(
                "direct:backups", new RdbFile("REDIS0010").strings("key", 7).open());
        results.assertIsSatisfied();
        assertThat(result(results, 0).imported()).isEqualTo(KEYS);
        assertThat(result(results, 1).skipped()).isEqualTo(7);
    }

    @Test
    void needsNoMoreThanAnOriginAndATarget() throws Exception {
        route("direct:backups", Map.of());
        RestoreResult result = template.requestBody(
                "direct:backups", new RdbFile("REDIS0010").strings("key", 7).open(), RestoreResult.class);
        assertThat(result.imported()).isEqualTo(7);
    }

    private static RestoreResult result(MockEndpoint results, int i) {
        return results.getExchanges().get(i).getMessage().getBody(RestoreResult.class);
    }
}
