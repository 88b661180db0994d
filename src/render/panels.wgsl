// bevy_egui's shader for panels, for software adapters: the same picture to within a level or two of 255, without the six
// powers per pixel that took a good part of every frame. Bindings and entry points are those of bevy_egui 0.42.

struct Transform {
    scale: vec2<f32>,
    translation: vec2<f32>,
}

struct VertexInput {
    @location(0) position: vec2<f32>,
    @location(1) uv: vec2<f32>,
    @location(2) color: vec4<f32>,
}

struct VertexOutput {
    @builtin(position) position: vec4<f32>,
    @location(0) @interpolate(linear) color: vec4<f32>,
    @location(1) @interpolate(linear) uv: vec2<f32>,
}

@group(0) @binding(0) var<uniform> transform: Transform;

#ifdef BINDLESS
@group(1) @binding(0) var image_texture: binding_array<texture_2d<f32>>;
@group(1) @binding(1) var image_sampler: binding_array<sampler>;

struct BindlessOffset {
    offset: u32,
};
var<immediate> offset: BindlessOffset;
#else
@group(1) @binding(0) var image_texture: texture_2d<f32>;
@group(1) @binding(1) var image_sampler: sampler;
#endif

@vertex
fn vs_main(in: VertexInput) -> VertexOutput {
    let position = in.position * transform.scale + transform.translation;
    return VertexOutput(vec4<f32>(position, 0.0, 1.0), in.color, in.uv);
}

// 0-1 linear from 0-1 sRGB: a polynomial within 0.2 levels of 255 of the definition.
fn linear_from_gamma(c: vec3<f32>) -> vec3<f32> {
    let power = (((c * -0.104997 + 0.504554) * c + 0.573089) * c + 0.025954) * c + 0.001165;
    return select(power, c / 12.92, c < vec3<f32>(0.04045));
}

@fragment
fn fs_main(in: VertexOutput) -> @location(0) vec4<f32> {
#ifdef BINDLESS
    let texel = textureSample(image_texture[offset.offset], image_sampler[offset.offset], in.uv);
#else
    let texel = textureSample(image_texture, image_sampler, in.uv);
#endif
    // egui multiplies sRGB values. Where one of them is 0 or 1, as everywhere but on the edges of letters, the product of
    // linear values is the same; on those edges it differs by a level or two.
    return texel * vec4<f32>(linear_from_gamma(in.color.rgb), in.color.a);
}
