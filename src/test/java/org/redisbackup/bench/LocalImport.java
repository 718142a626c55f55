package org.redisbackup.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.redisbackup.component.RdbDataFormat;

/**
 * What a Camel application does with the jar, a local file through the data format and the component: {@code FILE PORT}.
 * Prints the bytes that its threads have allocated.
 */
final class LocalImport {
    private static final int IN_FLIGHT = 8;

    private LocalImport() {}

    public static void main(String[] arguments) throws Exception {
        RdbDataFormat batches = new RdbDataFormat();
        batches.setBatchesInFlight(IN_FLIGHT);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.setStreamCaching(false);
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:file")
                            .unmarshal(batches)
                            .split(body())
                            .streaming()
                            .parallelProcessing()
                            .stopOnException()
                            .to("redis-restore:127.0.0.1:" + arguments[1]);
                }
            });
            context.start();
            context.createProducerTemplate()
                    .requestBody("direct:file", Files.newInputStream(Path.of(arguments[0])), Object.class);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long allocated = 0;
            for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
                allocated += Math.max(0, bytes);
            }
            System.out.println("allocated " + allocated);
        }
    }
}
