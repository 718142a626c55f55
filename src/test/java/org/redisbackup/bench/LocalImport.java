package org.redisbackup.bench;

import com.sun.management.ThreadMXBean;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
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
        try (DefaultCamelContext context = start(arguments[1])) {
            run(context, Path.of(arguments[0]));
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long allocated = 0;
            for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
                allocated += Math.max(0, bytes);
            }
            System.out.println("allocated " + allocated);
        }
    }

    /** With a route that delivers to a port of this machine. */
    static DefaultCamelContext start(String port) throws Exception {
        RdbDataFormat batches = new RdbDataFormat();
        batches.setBatchesInFlight(IN_FLIGHT);
        DefaultCamelContext context = new DefaultCamelContext();
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
                        .to("redis-restore:127.0.0.1:" + port);
            }
        });
        context.start();
        return context;
    }

    static void run(CamelContext context, Path file) throws Exception {
        run(context, Files.newInputStream(file));
    }

    /** @param backup is closed at its end */
    static void run(CamelContext context, InputStream backup) throws Exception {
        try (ProducerTemplate producer = context.createProducerTemplate()) {
            producer.requestBody("direct:file", backup, Object.class);
        }
    }
}
