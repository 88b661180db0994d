// Balls that always face the camera: a lit sphere with a soft rim.
#import bevy_pbr::mesh_view_bindings::view

struct Vertex {
    @location(0) position: vec3<f32>,
    @location(3) centre_radius: vec4<f32>,
    @location(4) colour: vec4<f32>,
};

struct VertexOutput {
    @builtin(position) clip_position: vec4<f32>,
    @location(0) colour: vec4<f32>,
    @location(1) across: vec2<f32>,
};

// The halo reaches this far beyond the ball.
const HALO: f32 = 2.2;

@vertex
fn vertex(in: Vertex) -> VertexOutput {
    let right = view.world_from_view[0].xyz;
    let up = view.world_from_view[1].xyz;
    let across = in.position.xy * HALO;
    let world = in.centre_radius.xyz + (right * across.x + up * across.y) * in.centre_radius.w;
    var out: VertexOutput;
    out.clip_position = view.clip_from_world * vec4<f32>(world, 1.0);
    out.colour = in.colour;
    out.across = across;
    return out;
}

@fragment
fn fragment(in: VertexOutput) -> @location(0) vec4<f32> {
    let off = dot(in.across, in.across);
    if off > HALO * HALO {
        discard;
    }
    let normal = vec3<f32>(in.across, sqrt(max(1.0 - off, 0.0)));
    let lit = 0.55 + 0.75 * max(dot(normal, normalize(vec3<f32>(-0.5, 0.7, 0.6))), 0.0);
    let ball = 1.0 - smoothstep(0.75, 1.1, off);
    let reach = 1.0 - sqrt(off) / HALO;
    let halo = 0.22 * reach * reach;
    let alpha = max(ball, halo) * in.colour.a;
    return vec4<f32>(in.colour.rgb * mix(1.0, lit, ball) * 1.15, alpha);
}
