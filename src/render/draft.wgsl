// The surface as a draft shows it: the light of Bevy's standard material under our studio, worked out at the vertices.
// A software adapter shades a block of 4 x 4 pixels for every triangle that touches it, and the triangles of a draft are
// about as large as its pixels: shading pixels would be some ten times the work, for the same picture.
#import bevy_pbr::{
    forward_io::Vertex,
    mesh_functions::{get_world_from_local, mesh_normal_local_to_world, mesh_position_local_to_world},
    mesh_view_bindings::view,
    view_transformations::position_world_to_clip,
}

// As in studio.rs.
struct Lamp {
    towards: vec3<f32>,
    sharpness: f32,
    colour: vec3<f32>,
}
struct Studio {
    sky: vec3<f32>,
    horizon: vec3<f32>,
    ground: vec3<f32>,
    boxes: array<Lamp, 3>,
    intensity_cd_per_m2: f32,
    key: Lamp,
}
@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<uniform> studio: Studio;

struct Lit {
    @builtin(position) position: vec4<f32>,
    // Triangles are too small for perspective to show within one.
    @location(0) @interpolate(linear) light: vec3<f32>,
}

// A crack, as in surface.wgsl.
const GLOW: f32 = 3.0;
const CRACK: vec3<f32> = vec3<f32>(1.0, 0.13, 0.015);
// What Bevy's materials reflect at right angles where they are no metal.
const DIELECTRIC: f32 = 0.04;
const INVERSE_PI: f32 = 0.31830987;

// Radiance of the studio; x right, y up, z towards the camera. `blur` goes from 0 (mirror) to 1 (matt).
fn radiance(direction: vec3<f32>, blur: f32) -> vec3<f32> {
    let far = select(studio.ground, studio.sky, direction.y > 0.0);
    var light = mix(studio.horizon, far, abs(direction.y));
    for (var number = 0; number < 3; number++) {
        let lamp = studio.boxes[number];
        let narrowed = 1.0 / (1.0 + blur * lamp.sharpness * 0.9);
        light += lamp.colour * (exp((dot(direction, lamp.towards) - 1.0) * lamp.sharpness * narrowed) * narrowed);
    }
    return light;
}

fn fifth_power(value: f32) -> f32 {
    let square = value * value;
    return square * square * value;
}

@vertex
fn vertex(in: Vertex) -> Lit {
    let place = mesh_position_local_to_world(get_world_from_local(in.instance_index), vec4<f32>(in.position, 1.0)).xyz;
    let normal = mesh_normal_local_to_world(in.normal, in.instance_index);
    let right = view.world_from_view[0].xyz;
    let ahead = vec3<f32>(right.y, -right.x, 0.0);
    let upright = mat3x3<f32>(
        vec3<f32>(right.x, 0.0, ahead.x),
        vec3<f32>(right.y, 0.0, ahead.y),
        vec3<f32>(0.0, 1.0, 0.0),
    );
    let N = upright * normal;
    let V = upright * normalize(view.world_position - place);
    let L = studio.key.towards;
    let H = normalize(L + V);
    let NdotV = max(dot(N, V), 0.0001);
    let NdotL = saturate(dot(N, L));
    let LdotH = saturate(dot(L, H));

    let openness = saturate(in.uv_b.x);
    // Lamps have an extent, so nearby metal takes a part of their light as well.
    let base = in.color.rgb * mix(0.45, 1.0, openness);
    let metallic = in.uv.x;
    let alpha = max(in.uv.y, 0.089);
    let roughness = alpha * alpha;
    let F0 = mix(vec3<f32>(DIELECTRIC), base, metallic);
    let F90 = saturate(dot(F0, vec3<f32>(16.5)));
    let F = F0 + (F90 - F0) * fifth_power(1.0 - LdotH);
    let reflected = lobe_shares(in.uv.y, NdotV);
    let scattered = 1.0 - (reflected.x + reflected.y);
    let diffuse_colour = base * (1.0 - metallic);

    // The key light: Burley's diffuse and the usual specular lobe.
    let f90 = 0.5 + 2.0 * roughness * LdotH * LdotH;
    let burley = (1.0 + (f90 - 1.0) * fifth_power(1.0 - NdotL)) * (1.0 + (f90 - 1.0) * fifth_power(1.0 - NdotV));
    let NdotH = saturate(dot(N, H));
    let spread = roughness / (1.0 - NdotH * NdotH * (1.0 - roughness * roughness));
    let squared = roughness * roughness;
    let masked = NdotL * sqrt((NdotV - squared * NdotV) * NdotV + squared)
        + NdotV * sqrt((NdotL - squared * NdotL) * NdotL + squared);
    let lobe = spread * spread * INVERSE_PI * 0.5 / masked;
    let gloss = lobe * F * (1.0 + F0 * (1.0 / (reflected.x + reflected.y) - 1.0));
    let direct = (diffuse_colour * burley * INVERSE_PI + gloss) * NdotL * studio.key.colour;

    // The studio around: what is scattered from all sides, and its blurred mirror image.
    let single_dielectric = (DIELECTRIC * reflected.x + reflected.y) * F90;
    let single_metallic = (base * reflected.x + reflected.y) * F90;
    let mean_dielectric = DIELECTRIC + (1.0 - DIELECTRIC) / 21.0;
    let mean_metallic = base + (1.0 - base) / 21.0;
    let many_dielectric = single_dielectric * mean_dielectric / (1.0 - scattered * mean_dielectric) * scattered;
    let many_metallic = single_metallic * mean_metallic / (1.0 - scattered * mean_metallic) * scattered;
    let single = mix(vec3<f32>(single_dielectric), single_metallic, metallic);
    let many = mix(vec3<f32>(many_dielectric), many_metallic, metallic);
    let kept = diffuse_colour * (1.0 - (single_dielectric + many_dielectric));
    let smoothness = 1.0 - roughness;
    let mirror = normalize(mix(N, reflect(-V, N), smoothness * (sqrt(smoothness) + roughness)));
    let around = (many + kept) * radiance(N, 1.0) * openness
        + single * radiance(mirror, in.uv.y) * (openness * openness);

    var out: Lit;
    out.position = position_world_to_clip(place);
    out.light = (direct + around * studio.intensity_cd_per_m2) * view.exposure + CRACK * GLOW * saturate(in.uv_b.y);
    return out;
}

// How much of the mirror lobe is reflected: a share of F0 and one besides it, by the polynomial that Bevy uses.
fn lobe_shares(perceptual_roughness: f32, NdotV: f32) -> vec2<f32> {
    let r = perceptual_roughness * vec4<f32>(-1.0, -0.0275, -0.572, 0.022) + vec4<f32>(1.0, 0.0425, 1.04, -0.04);
    let a004 = min(r.x * r.x, exp2(-9.28 * NdotV)) * r.x + r.y;
    return max(vec2<f32>(-1.04, 1.04) * a004 + r.zw, vec2<f32>(0.00005));
}

@fragment
fn fragment(in: Lit) -> @location(0) vec4<f32> {
    return vec4<f32>(in.light, 1.0);
}
